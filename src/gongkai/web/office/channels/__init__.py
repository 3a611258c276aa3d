"""The screens of the channels: figures, what waits, one delivery, hand-over lists, endpoints of pushes."""
