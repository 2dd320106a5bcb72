add_benchmark(cpu fma-peak)
