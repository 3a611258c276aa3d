"""What leaves the platform: what each channel carries, by what one can see it, pushes to other systems, and hand-over lists."""
