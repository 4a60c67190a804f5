"""The lab in the browser: a page on this machine, and the server behind it (`docs/lab.md`)."""
