/** The vendor-quirk profiles by name. */
import { type Profile, plain } from './profile.ts'

const profiles: ReadonlyMap<string, Profile> = new Map([plain].map((profile) => [profile.name, profile]))

export function profileNamed(name: string): Profile {
  const found = profiles.get(name)
  if (!found) throw new TypeError(`there is no profile ${name}: known are ${[...profiles.keys()].join(', ')}`)
  return found
}
