"""Single PyTorch operations as training runs them, for operation_table.py."""
