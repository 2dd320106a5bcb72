foreach(name stream pointer-chase memcpy)
  add_benchmark(memory ${name})
endforeach()
