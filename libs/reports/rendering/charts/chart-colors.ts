/**
 * Colours of charts, on a light and on a dark background. Each has a contrast of at least 3 with its background, text of at
 * least 4.5 (WCAG 2.1).
 */
export const CHART_COLORS = {
  text: { light: '#4a5361', dark: '#b4bdc9' },
  line: { light: '#d5dae1', dark: '#333b46' },
  bar: { light: '#2f6fd0', dark: '#6ea3f2' },
  before: { light: '#7d8da3', dark: '#71829a' },
  unusual: { light: '#c2620a', dark: '#f0a04b' },
  failed: { light: '#c9353f', dark: '#f2777f' },
} as const;

export type ChartColor = keyof typeof CHART_COLORS;

/** Colours of a chart by their names, for a light background. */
export const LIGHT = Object.fromEntries(
  Object.entries(CHART_COLORS).map(([name, { light }]) => [name, light]),
) as Readonly<Record<ChartColor, string>>;

/** A chart in whose place of colours are CSS variables, such as `var(--chart-bar)`. */
export const withVariables = (svg: string): string =>
  Object.entries(LIGHT).reduce(
    (text, [name, color]) => text.replaceAll(`"${color}"`, `"var(--chart-${name})"`),
    svg,
  );

/** The CSS variables for one background. */
export const chartVariables = (background: 'light' | 'dark'): string =>
  Object.entries(CHART_COLORS)
    .map(([name, colors]) => `--chart-${name}:${colors[background]};`)
    .join('');
