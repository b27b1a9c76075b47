/**
 * What organizations read when the mail server takes nobody's mail. Its own words may name hosts and users of the installation; they
 * are in the log.
 */
export const SERVER_FAULT = 'The mail server does not take any mail at the moment.';
