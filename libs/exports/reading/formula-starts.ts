/** Codes of `=`, `+`, `-`, `@`, tab and CR: spreadsheet programs run text that begins with one of them as a formula. */
export const FORMULA_STARTS: readonly number[] = [9, 13, 43, 45, 61, 64];
