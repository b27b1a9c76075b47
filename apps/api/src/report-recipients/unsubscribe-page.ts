import { html } from 'ghtml';

const page = (title: string, content: string) => html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${title}</title>
<style>
  body { max-width: 28rem; margin: 20vh auto 0; padding: 0 1rem; font: 1rem/1.5 system-ui, sans-serif }
  button { padding: .5rem 1rem; font: inherit }
</style>
</head>
<body>
<h1>${title}</h1>
!${content}
</body>
</html>
`;

/** Asks whether to unsubscribe. Programs that open every link press no button. */
export const QUESTION = page(
  'Unsubscribe from reports',
  html`<p>You will get no more reports by mail at the address to which this link was sent.</p>
<form method="post"><button>Unsubscribe</button></form>`,
);

/** The answer to every token, so that nobody learns which there are. */
export const DONE = page(
  'Unsubscribed',
  html`<p>You will get no more reports by mail. If you want them again, ask whoever runs the reports to add you anew.</p>`,
);
