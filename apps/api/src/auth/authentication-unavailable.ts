/** Who calls could not be found out at the moment. */
export class AuthenticationUnavailable extends Error {}
