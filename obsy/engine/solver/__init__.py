"""What to place where and when: one problem of whole seconds and values, that knows no sky, plan or device."""
