"""What changes applications, proposals and the terms of classes."""
