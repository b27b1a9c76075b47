/** Why somebody gets a mail. */
export const WHY = 'You get this because your address was added to the recipients of these reports.';
