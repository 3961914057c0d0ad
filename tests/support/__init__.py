"""What tests of several rooms share: fakes of the ports, golden files, waiting with a deadline."""
