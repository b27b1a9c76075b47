/** Number of bodies sent in turns: enough for the server to handle varying data. */
const DIFFERENT = 16;

/**
 * Requests of page views and button clicks over a few hundred series. Events have neither id nor time, so
 * each one counts.
 * @param {number} batch events per request
 * @returns {string[]}
 */
export const bodies = (batch) =>
  Array.from({ length: DIFFERENT }, (_, body) =>
    JSON.stringify(Array.from({ length: batch }, (_, index) => event(body * batch + index))),
  );

function event(number) {
  const user = { user_id: `user-${number % 1000}`, session_id: `session-${number % 3000}` };
  return number % 3 === 0
    ? {
        type: 'button_click',
        ...user,
        payload: { button_id: `button-${number % 40}`, page: `/page/${number % 50}` },
      }
    : {
        type: 'page_view',
        ...user,
        payload: { page: `/page/${number % 100}`, referrer: `/page/${number % 7}` },
      };
}
