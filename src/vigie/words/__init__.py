"""Words that people read, in French and English, shared by terminal, pages and reports."""
