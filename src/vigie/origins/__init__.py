"""Addresses → country of the last hop, network, relay, and how little that proves."""
