"""Pictures as SVG text, the same for dashboard, report and print."""
