/** Writes times in UTC by the formats that KFP's macros take: layouts of Go, and strftime. */

const months = 'January February March April May June July August September October November December'.split(
  ' ',
);
const days = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ');

/** The parts of a time, by names of their own. */
interface Parts {
  readonly year: number;
  /** From 1 on. */
  readonly month: number;
  readonly day: number;
  readonly dayOfYear: number;
  /** Sunday is 0. */
  readonly weekday: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

function partsOf(time: Date): Parts {
  const newYear = Date.UTC(time.getUTCFullYear(), 0, 1);
  return {
    year: time.getUTCFullYear(),
    month: time.getUTCMonth() + 1,
    day: time.getUTCDate(),
    dayOfYear: Math.floor((time.getTime() - newYear) / 86_400_000) + 1,
    weekday: time.getUTCDay(),
    hour: time.getUTCHours(),
    minute: time.getUTCMinutes(),
    second: time.getUTCSeconds(),
  };
}

function padded(value: number, width = 2, by = '0'): string {
  return `${value}`.padStart(width, by);
}

const twelve = ({ hour }: Parts): number => ((hour + 11) % 12) + 1;
const half = ({ hour }: Parts): string => (hour < 12 ? 'AM' : 'PM');
const monthName = ({ month }: Parts): string => months[month - 1] ?? '';
const dayName = ({ weekday }: Parts): string => days[weekday] ?? '';

/** How Go writes the parts of its reference time, Mon Jan 2 15:04:05 MST 2006. The longest that fits counts. */
const ofGo: Readonly<Record<string, (parts: Parts) => string>> = {
  January: monthName,
  Jan: (parts) => monthName(parts).slice(0, 3),
  Monday: dayName,
  Mon: (parts) => dayName(parts).slice(0, 3),
  MST: () => 'UTC',
  '2006': ({ year }) => padded(year, 4),
  '002': ({ dayOfYear }) => padded(dayOfYear, 3),
  __2: ({ dayOfYear }) => padded(dayOfYear, 3, ' '),
  _2: ({ day }) => padded(day, 2, ' '),
  '01': ({ month }) => padded(month),
  '02': ({ day }) => padded(day),
  '03': (parts) => padded(twelve(parts)),
  '04': ({ minute }) => padded(minute),
  '05': ({ second }) => padded(second),
  '06': ({ year }) => padded(year % 100),
  '15': ({ hour }) => padded(hour),
  '1': ({ month }) => `${month}`,
  '2': ({ day }) => `${day}`,
  '3': (parts) => `${twelve(parts)}`,
  '4': ({ minute }) => `${minute}`,
  '5': ({ second }) => `${second}`,
  PM: half,
  pm: (parts) => half(parts).toLowerCase(),
  'Z07:00': () => 'Z',
  Z0700: () => 'Z',
  '-07:00': () => '+00:00',
  '-0700': () => '+0000',
  '-07': () => '+00',
};

/** `Jan` and `Mon` inside of longer words are those words; `_2006` is the year after a line. */
const chunksOfGo = new RegExp(
  `January|Jan(?![a-z])|Monday|Mon(?![a-z])|__2|_2(?!006)|${Object.keys(ofGo)
    .filter((chunk) => !/^[JM_]/.test(chunk))
    .toSorted((a, b) => b.length - a.length)
    .join('|')}|MST`,
  'g',
);

/** Writes a time by a layout of Go's package `time`, such as `2006-01-02`. Times of KFP's are of whole seconds. */
export function goTime(time: Date, layout: string): string {
  const parts = partsOf(time);
  return layout.replaceAll(chunksOfGo, (chunk) => ofGo[chunk]?.(parts) ?? chunk);
}

const ofStrftime: Readonly<Record<string, (parts: Parts, time: Date) => string>> = {
  A: dayName,
  a: (parts) => dayName(parts).slice(0, 3),
  B: monthName,
  b: (parts) => monthName(parts).slice(0, 3),
  h: (parts) => monthName(parts).slice(0, 3),
  C: ({ year }) => padded(Math.floor(year / 100)),
  D: ({ year, month, day }) => `${padded(month)}/${padded(day)}/${padded(year % 100)}`,
  d: ({ day }) => padded(day),
  e: ({ day }) => padded(day, 2, ' '),
  F: ({ year, month, day }) => `${padded(year, 4)}-${padded(month)}-${padded(day)}`,
  H: ({ hour }) => padded(hour),
  I: (parts) => padded(twelve(parts)),
  j: ({ dayOfYear }) => padded(dayOfYear, 3),
  k: ({ hour }) => padded(hour, 2, ' '),
  l: (parts) => padded(twelve(parts), 2, ' '),
  M: ({ minute }) => padded(minute),
  m: ({ month }) => padded(month),
  n: () => '\n',
  p: half,
  R: ({ hour, minute }) => `${padded(hour)}:${padded(minute)}`,
  S: ({ second }) => padded(second),
  s: (_, time) => `${Math.floor(time.getTime() / 1000)}`,
  T: ({ hour, minute, second }) => `${padded(hour)}:${padded(minute)}:${padded(second)}`,
  t: () => '\t',
  u: ({ weekday }) => `${weekday === 0 ? 7 : weekday}`,
  w: ({ weekday }) => `${weekday}`,
  Y: ({ year }) => padded(year, 4),
  y: ({ year }) => padded(year % 100),
  Z: () => 'UTC',
  z: () => '+0000',
  '%': () => '%',
};

/** Writes a time by a format of strftime; undefined where it has a specification that is none. */
export function strftime(time: Date, format: string): string | undefined {
  const parts = partsOf(time);
  let known = true;
  const text = format.replaceAll(/%(.?)/gs, (_, name: string) => {
    const write = Object.hasOwn(ofStrftime, name) ? ofStrftime[name] : undefined;
    known &&= write !== undefined;
    return write?.(parts, time) ?? '';
  });
  return known ? text : undefined;
}
