"""What has to be known of each framework: one folder a framework, and how to find the right one."""
