/** Formats of numbers, by the name of their style. */
const NUMBER_FORMATS = {
  instant: 'yyyy\\-mm\\-dd\\ hh:mm:ss.000',
  day: 'yyyy\\-mm\\-dd',
  count: '#,##0',
  decimal: '#,##0.0',
  share: '0.0%',
  change: '+0.0%;\\-0.0%;0.0%',
  duration: '[h]:mm:ss',
  milliseconds: '#,##0.0&quot; ms&quot;',
};
/** A workbook's own formats have numbers from here on. */
const FIRST_FORMAT = 164;

const PLAIN_CELL = 'fontId="0" fillId="0" borderId="0" xfId="0"';
const BOLD_CELL = 'fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"';

/** What each style of a cell is. A number's style is its format; `quoted` text is none that a program runs. */
const STYLES = {
  plain: `<xf numFmtId="0" ${PLAIN_CELL}/>`,
  heading: `<xf numFmtId="0" ${BOLD_CELL}/>`,
  numericHeading: `<xf numFmtId="0" ${BOLD_CELL} applyAlignment="1"><alignment horizontal="right"/></xf>`,
  quoted: `<xf numFmtId="0" ${PLAIN_CELL} quotePrefix="1"/>`,
  ...(Object.fromEntries(
    Object.keys(NUMBER_FORMATS).map((name, i) => [
      name,
      `<xf numFmtId="${FIRST_FORMAT + i}" ${PLAIN_CELL} applyNumberFormat="1"/>`,
    ]),
  ) as Record<keyof typeof NUMBER_FORMATS, string>),
};

/** The numbers by which cells name their styles. */
export const STYLE = Object.fromEntries(Object.keys(STYLES).map((name, i) => [name, i])) as Readonly<
  Record<keyof typeof STYLES, number>
>;

const formats = Object.values(NUMBER_FORMATS).map(
  (code, i) => `<numFmt numFmtId="${FIRST_FORMAT + i}" formatCode="${code}"/>`,
);
const cells = Object.values(STYLES);

/** `xl/styles.xml` (ECMA-376). */
export const stylesXml =
  '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n' +
  '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">' +
  `<numFmts count="${formats.length}">${formats.join('')}</numFmts>` +
  '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>' +
  '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>' +
  '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>' +
  '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>' +
  '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>' +
  `<cellXfs count="${cells.length}">${cells.join('')}</cellXfs>` +
  '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>';
