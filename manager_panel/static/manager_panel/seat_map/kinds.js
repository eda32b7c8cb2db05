/** Kinds of seats: what people call them, the key that makes one, and the mark that is drawn on them (of 24 × 24). */

export const KINDS = {
  standard: { name: "Ordinary seat", key: "s", mark: "" },
  wheelchair: {
    name: "Wheelchair space", key: "w",
    mark: "M8.9 3.600a1.600 1.600 0 1 0 3.200 0a1.600 1.600 0 1 0-3.200 0M10.500 7.500v6.200h5.300l2.900 5.800M10.500 10.300h4.600M8 11.600a5 5 0 1 0 6.600 6.400",
  },
  companion: { name: "Companion seat", key: "c", mark: "M8.700 6.500a3.300 3.300 0 1 0 6.600 0a3.300 3.300 0 1 0-6.600 0M5 20c0-4.500 3-7 7-7s7 2.500 7 7" },
  couple: {
    name: "Couple seat", key: "u",
    mark: "M12 20.500C5 15 2.500 11.800 2.500 8.300 2.500 5.400 4.700 3.500 7.200 3.500c2 0 3.700 1.100 4.800 3 1.100-1.900 2.800-3 4.800-3 2.500 0 4.700 1.900 4.700 4.800 0 3.500-2.500 6.700-9.500 12.200z",
  },
};
