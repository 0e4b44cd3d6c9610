"""The only writers: taking complaints in, handling them, who complained, reminding."""
