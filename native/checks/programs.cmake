add_check(checks statistics-check)
add_check(checks gemm-tiles-check)
