"""末期评估报告: `model` is what it says, `printing` makes the PDF."""
