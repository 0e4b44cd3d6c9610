"""The only writers of proposals, changes of classes, shared plans and calendar links."""
