"""``make bench``: what computing frozen layers once is worth, measured side by side in one run."""
