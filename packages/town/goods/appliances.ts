import type { Good } from "./good.ts";

type Row = readonly [
  sku: string, es: string, en: string, category: string, priceMinor: number, marginMinor: number, lifeDays: number,
]; // biome-ignore format: a table's head

const rows: readonly Row[] = [
  ["REF-420", "Refrigeradora 420 L", "Refrigerator 420 L", "refrigeration", 72_900, 13_100, 3_650],
  ["COC-6Q", "Cocina de 6 quemadores", "Six-burner cooker", "kitchen", 48_900, 9_300, 3_650],
  ["LAV-16K", "Lavadora 16 kg", "Washing machine 16 kg", "laundry", 54_900, 9_900, 3_000],
  ["MIC-30L", "Microondas 30 L", "Microwave 30 L", "kitchen", 13_900, 3_100, 2_200],
  ["LIC-600", "Licuadora 600 W", "Blender 600 W", "kitchen", 5_490, 1_480, 1_500],
  ["FRE-AIR-5", "Freidora de aire 5 L", "Air fryer 5 L", "kitchen", 8_990, 2_430, 1_800],
  ["CAF-GOT-12", "Cafetera de goteo, 12 tazas", "Drip coffee maker, 12 cups", "kitchen", 4_290, 1_160, 1_500],
  ["ARR-ELE-18", "Arrocera 1,8 L", "Rice cooker 1.8 L", "kitchen", 3_890, 1_010, 1_800],
  ["TEL-55", "Televisor 55 pulgadas", "Television 55 inches", "television", 46_900, 7_500, 2_500],
  ["AIR-12K", "Aire acondicionado 12 000 BTU", "Air conditioner 12,000 BTU", "climate", 42_900, 8_600, 3_000],
  ["VEN-PED", "Ventilador de pedestal", "Pedestal fan", "climate", 3_990, 1_120, 1_500],
  ["PLA-VAP", "Plancha de vapor", "Steam iron", "laundry", 2_890, 810, 1_200],
]; // biome-ignore format: a table

const outOfStock: ReadonlySet<string> = new Set(["TEL-55", "ARR-ELE-18"]);

/** What lasts for years, and the care it needs. */
export const appliances: readonly Good[] = [
  ...rows.map(([sku, es, en, category, priceMinor, marginMinor, lifeDays]) => ({
    sku,
    es,
    en,
    category,
    priceMinor,
    marginMinor,
    lifeDays,
    ...(outOfStock.has(sku) ? { outOfStock: true } : {}),
  })),
  {
    sku: "SER-AIR",
    es: "Instalación de aire acondicionado",
    en: "Air conditioner fitting",
    category: "services",
    priceMinor: 8_500,
    marginMinor: 3_200,
    isService: true,
  },
  {
    sku: "SER-REF",
    es: "Mantenimiento de refrigeradora",
    en: "Refrigerator service",
    category: "services",
    priceMinor: 3_900,
    marginMinor: 1_900,
    isService: true,
  },
];
