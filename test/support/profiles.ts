import {
  asSocialSecurityProfile,
  bundledProfiles,
  type EmployerProfile,
  loadProfile,
  type PersonProfile,
  type SocialSecurityProfile,
} from "../../src/card/profile/index.js"

/** A bundled profile of a person's social security card. */
export function personProfile(name: string): PersonProfile {
  const profile = asSocialSecurityProfile(loadProfile(name))
  if (profile.personKind === "employer") throw new RangeError(`name: expected a person's profile, got ${name}`)
  return profile
}

/** All bundled profiles of social security cards. */
export const socialSecurityProfiles = (): SocialSecurityProfile[] =>
  bundledProfiles()
    .map(loadProfile)
    .filter((profile) => profile.card === "social-security")

export const isPerson = (profile: SocialSecurityProfile): profile is PersonProfile => profile.personKind !== "employer"

export const isEmployer = (profile: SocialSecurityProfile): profile is EmployerProfile => !isPerson(profile)
