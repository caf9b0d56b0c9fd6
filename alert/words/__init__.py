"""Words: from an alert to what a reader sees, in the reader's language, safe in every channel."""
