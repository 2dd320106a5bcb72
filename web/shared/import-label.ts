/** A label as `exatwin import --as` takes it. */
export const labelPattern = /^[a-z0-9][a-z0-9.-]{0,60}$/;
