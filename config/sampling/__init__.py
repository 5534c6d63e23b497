"""演示大厅: builds the sample hall from the facts in `config/sample`, and tells two months of its history."""
