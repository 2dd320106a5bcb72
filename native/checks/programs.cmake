add_check(checks statistics-check)
