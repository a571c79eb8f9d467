"""届次总结: `model` is what it says, `printing` makes the PDF."""
