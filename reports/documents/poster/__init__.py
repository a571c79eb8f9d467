"""社区公开栏海报: `model` is what it says, `printing` makes the PDF."""
