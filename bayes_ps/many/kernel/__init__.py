"""The quadrature in compiled code; nothing here is compiled before `entry_point` is imported."""
