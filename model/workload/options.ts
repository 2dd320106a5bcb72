/** An option left out, or undefined as a parsed document may hold it, takes the published value. */
export type Optional<Settings> = { readonly [Key in keyof Settings]?: Settings[Key] | undefined };

export function fillOptions<Settings extends object>(published: Settings, options: Optional<Settings>): Settings {
  const filled = { ...published };
  for (const key of Object.keys(published) as Array<keyof Settings>) filled[key] = options[key] ?? published[key];
  return filled;
}
