import {
  asSocialSecurityProfile,
  bundledProfiles,
  loadProfile,
  type SocialSecurityProfile,
} from "../../src/card/profile/index.js"

/** A bundled profile of a social security card. */
export const socialSecurityProfile = (name: string): SocialSecurityProfile => asSocialSecurityProfile(loadProfile(name))

/** All bundled profiles of social security cards. */
export const socialSecurityProfiles = (): SocialSecurityProfile[] =>
  bundledProfiles()
    .map(loadProfile)
    .filter((profile) => profile.card === "social-security")
