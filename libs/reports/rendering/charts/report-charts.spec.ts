import { inflateSync } from 'node:zlib';
import { collectGarbage } from '../../../../test/support/collect-garbage.js';
import { readMarkup } from '../../../../test/support/markup.js';
import { EMPTY_REPORT, fullReport } from '../../../../test/support/sample-reports.js';
import { CHART_COLORS, withVariables } from './chart-colors.js';
import { chartPng } from './chart-png.js';
import { reportCharts } from './report-charts.js';

const SIGNATURE = '89504e470d0a1a0a';
const RENDERS = 50;
/** A chart that is not disposed of keeps 5 MB. */
const MAX_GROWTH = 20_000_000;

/** Width, height and colours of a PNG with 8 bits a channel. */
function readPng(png: Buffer): { width: number; height: number; colors: number } {
  const data: Buffer[] = [];
  for (let at = 8; at < png.length; at += png.readUInt32BE(at) + 12) {
    const [length, type] = [png.readUInt32BE(at), png.toString('latin1', at + 4, at + 8)];
    if (type === 'IDAT') data.push(png.subarray(at + 8, at + 8 + length));
  }
  return {
    ...{ width: png.readUInt32BE(16), height: png.readUInt32BE(20) },
    colors: new Set(inflateSync(Buffer.concat(data))).size,
  };
}

const luminance = (hex: string) => {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const c = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
};
const contrast = (one: string, other: string) => {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light! + 0.05) / (dark! + 0.05);
};

describe('the charts of a report', () => {
  it('are documents with a title and a text in their place', async () => {
    const charts = await reportCharts(fullReport('weekly', 1));
    expect(charts.map(({ id }) => id)).toEqual([
      'days-events',
      'days-active-users',
      'commands',
      'event-types',
    ]);
    for (const { svg, title, alternative } of charts) {
      const { elements } = readMarkup(svg);
      expect(elements[0]).toMatchObject({ name: 'svg', attributes: { xmlns: 'http://www.w3.org/2000/svg' } });
      expect(elements.filter(({ attributes }) => attributes.fill === 'none')[0]!.name).toBe('rect');
      expect([title, alternative].every((text) => text.length > 5)).toBe(true);
    }
    expect(charts[0]!.alternative).toBe(
      'Bars by day. Most on Thu, Nov 19: 61,204 events. Fewest on Sun, Nov 22: 4,287.',
    );
    expect(charts[0]!.legend).toBe('Orange: unusual days.');
  });

  it('are left out where there is nothing to draw', async () => {
    expect(await reportCharts(EMPTY_REPORT)).toEqual([]);
  });

  it('have no colours but those of the page', async () => {
    for (const { svg } of await reportCharts(fullReport('monthly', 1)))
      expect(withVariables(svg)).not.toMatch(/"(#[0-9a-f]+|rgba?\()/i);
  });

  it('have colours that can be told from the background, light and dark', () => {
    for (const [name, { light, dark }] of Object.entries(CHART_COLORS)) {
      // Lines of the grid are there to be overlooked.
      const least = name === 'text' ? 4.5 : name === 'line' ? 1.2 : 3;
      expect([name, contrast(light, '#ffffff') > least, contrast(dark, '#14181e') > least]).toEqual([
        name,
        true,
        true,
      ]);
    }
  });

  it('become pictures for mails, sharp and not blank, whatever the names are', async () => {
    const report = fullReport('weekly', 1);
    const names = [
      '<script>',
      '\u202Eexe',
      'a\0b\nc',
      'x'.repeat(5000),
      '{a|b}',
      '&amp;',
      '李小龍',
      ']]>',
      '',
    ];
    const commands = names.map((name) => ({ ...report.top_commands[0]!, name }));
    for (const chart of await reportCharts({ ...report, top_commands: commands })) {
      const { bytes, width, height } = await chartPng(chart);
      expect(bytes.toString('hex', 0, 8)).toBe(SIGNATURE);
      expect(readPng(bytes)).toMatchObject({ width: 2 * width, height: 2 * height });
      expect([width, readPng(bytes).colors > 10]).toEqual([440, true]);
    }
  });

  it('leave nothing behind', async () => {
    const report = fullReport('monthly', 1);
    await reportCharts(report);
    const memory = async () => {
      await collectGarbage();
      return process.memoryUsage().heapUsed;
    };
    const before = await memory();
    for (let i = 0; i < RENDERS; i++) await reportCharts(report);
    expect((await memory()) - before).toBeLessThan(MAX_GROWTH);
  });
});
