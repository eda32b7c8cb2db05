/** What is written on rows and seats: letters or figures, from which side, without I and O. */

const LETTERS = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"];

/** The orders in which the seats of a row are counted. */
export const ORDERS = {
  left_to_right: "1 2 3 … from the left",
  right_to_left: "… 3 2 1 from the right",
  odd_left: "5 3 1 | 2 4 6 odd left of the middle",
  odd_right: "6 4 2 | 1 3 5 odd right of the middle",
};

export const PLAIN = { order: "left_to_right", start: 1, skip: [] };
export const LETTERED = { style: "letters", from: "front", start: "", skip: ["I", "O"] };

function* counted(start, step, skip) {
  for (let number = start; ; number += step) if (!skip.includes(number)) yield number;
}

const take = (count, numbers) => Array.from({ length: count }, () => numbers.next().value);

/** The numbers of seats that stand at `xs` (from left to right) in a hall with that `middle`. */
export function numbersOf(xs, { order, start, skip }, middle) {
  if (order === "left_to_right") return take(xs.length, counted(start, 1, skip));
  if (order === "right_to_left") return take(xs.length, counted(start, 1, skip)).reverse();
  const left = xs.filter((x) => x <= middle).length;
  const [odd, even] = [counted(1, 2, skip), counted(2, 2, skip)];
  const [ofLeft, ofRight] = order === "odd_left" ? [odd, even] : [even, odd];
  return [...take(left, ofLeft).reverse(), ...take(xs.length - left, ofRight)];
}

function letters(index, alphabet) {
  const [before, rest] = [Math.floor(index / alphabet.length), index % alphabet.length];
  return (before ? letters(before - 1, alphabet) : "") + alphabet[rest];
}

/** The labels of `count` rows, the one at the screen first. */
export function labelsOf(count, { style, from, start, skip }) {
  const labels = style === "figures" ? figures(count, start, skip) : lettered(count, start, skip);
  return from === "back" ? labels.reverse() : labels;
}

const figures = (count, start, skip) =>
  take(count, counted(Math.max(parseInt(start, 10) || 1, 0), 1, skip.map(Number))).map(String);

function lettered(count, start, skip) {
  const alphabet = LETTERS.filter((letter) => !skip.includes(letter));
  const all = Array.from({ length: count + alphabet.length * 3 }, (_, index) => letters(index, alphabet));
  return all.slice(Math.max(all.indexOf(start.trim().toUpperCase()), 0)).slice(0, count);
}

/** "I, O 13" as a list: letters large, nothing twice. */
export const skipped = (text) => [...new Set(text.toUpperCase().split(/[\s,;]+/).filter(Boolean))];
