"""公文 (通知, 批复, 拨付通知书): `model` is what it says, `printing` makes the PDF."""
