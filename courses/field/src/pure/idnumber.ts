/**
 * Resident ID numbers (GB 11643), checked without a network: length, province, birth date, check digit.
 * The county is not checked: codes change, and most of those on older cards exist no longer.
 * Foreigners' and other papers are no resident IDs: those people go on paper.
 */

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const DIGITS = "10X98765432";
const PROVINCES = new Set(
  ("11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 " +
    "71 81 82 83").split(" "),
);

export type IdFault = "id_empty" | "id_15" | "id_length" | "id_province" | "id_birth" | "id_digit";

export const tidyId = (value: string): string =>
  value
    .replace(/[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0))
    .replace(/[\s-]/g, "")
    .toUpperCase();

export function checkDigit(first17: string): string {
  const sum = WEIGHTS.reduce((total, weight, at) => total + weight * Number(first17[at]), 0);
  return DIGITS[sum % 11]!;
}

export function idFault(value: string, today: Date): IdFault | null {
  const id = tidyId(value);
  if (!id) return "id_empty";
  if (/^\d{15}$/.test(id)) return "id_15";
  if (!/^\d{17}[\dX]$/.test(id)) return "id_length";
  if (!PROVINCES.has(id.slice(0, 2))) return "id_province";
  const [year, month, day] = [id.slice(6, 10), id.slice(10, 12), id.slice(12, 14)].map(Number) as [number, number, number];
  const born = new Date(Date.UTC(year, month - 1, day));
  const real = born.getUTCFullYear() === year && born.getUTCMonth() === month - 1 && born.getUTCDate() === day;
  if (!real || year < 1900 || born > today) return "id_birth";
  return checkDigit(id) === id[17] ? null : "id_digit";
}
