"""The papers: for each the function that prints it as PDF. What it says is in `reports.data`."""
