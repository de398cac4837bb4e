import type { Good } from "./good.ts";
import type { NeedName } from "./needs.ts";

type Row = readonly [
  sku: string, need: NeedName, es: string, en: string, category: string, priceMinor: number, marginMinor: number,
]; // biome-ignore format: a table's head

/** What is used up and bought again. The first good of a need is the one most households prefer. */
const used: readonly Row[] = [
  ["LEC-ENT-1L", "milk", "Leche entera 1 L", "Whole milk 1 L", "dairy", 115, 21],
  ["LEC-DES-1L", "milk", "Leche deslactosada 1 L", "Lactose-free milk 1 L", "dairy", 148, 33],
  ["PAN-MOL-600", "bread", "Pan de molde 600 g", "Sliced bread 600 g", "bakery", 215, 58],
  ["PAN-INT-500", "bread", "Pan integral 500 g", "Wholemeal bread 500 g", "bakery", 265, 79],
  ["HUE-30", "eggs", "Huevos, cubeta de 30", "Eggs, tray of 30", "dairy", 425, 72],
  ["HUE-12", "eggs", "Huevos, docena", "Eggs, a dozen", "dairy", 205, 38],
  ["ARR-2K", "rice", "Arroz 2 kg", "Rice 2 kg", "pantry", 265, 48],
  ["ARR-ENV-5K", "rice", "Arroz envejecido 5 kg", "Aged rice 5 kg", "pantry", 725, 145],
  ["ACE-GIR-1L", "oil", "Aceite de girasol 1 L", "Sunflower oil 1 L", "pantry", 315, 66],
  ["ACE-SOY-1L", "oil", "Aceite de soya 1 L", "Soya oil 1 L", "pantry", 248, 42],
  ["AZU-2K", "sugar", "Azúcar blanca 2 kg", "White sugar 2 kg", "pantry", 225, 34],
  ["CAF-MOL-400", "coffee", "Café molido 400 g", "Ground coffee 400 g", "coffee", 599, 186],
  ["CAF-INS-170", "coffee", "Café instantáneo 170 g", "Instant coffee 170 g", "coffee", 675, 189],
  ["POL-ENT", "chicken", "Pollo entero", "Whole chicken", "meat", 785, 118],
  ["POL-PEC-1K", "chicken", "Pechuga de pollo 1 kg", "Chicken breast 1 kg", "meat", 690, 131],
  ["QUE-FRE-500", "cheese", "Queso fresco 500 g", "Fresh cheese 500 g", "dairy", 345, 83],
  ["QUE-MOZ-400", "cheese", "Queso mozzarella 400 g", "Mozzarella 400 g", "dairy", 465, 126],
  ["YOG-FRE-1L", "yogurt", "Yogur de fresa 1 L", "Strawberry yogurt 1 L", "dairy", 285, 77],
  ["YOG-NAT-1L", "yogurt", "Yogur natural 1 L", "Plain yogurt 1 L", "dairy", 298, 86],
  ["MAN-250", "butter", "Mantequilla 250 g", "Butter 250 g", "dairy", 275, 74],
  ["ATU-AGU-3", "tuna", "Atún en agua, 3 latas", "Tuna in water, 3 cans", "pantry", 435, 113],
  ["ATU-ACE-3", "tuna", "Atún en aceite, 3 latas", "Tuna in oil, 3 cans", "pantry", 445, 116],
  ["FID-ESP-400", "pasta", "Espagueti 400 g", "Spaghetti 400 g", "pantry", 118, 31],
  ["FID-CAB-400", "pasta", "Cabello de ángel 400 g", "Angel hair pasta 400 g", "pantry", 112, 29],
  ["SAL-TOM-400", "tomato_sauce", "Salsa de tomate 400 g", "Tomato sauce 400 g", "pantry", 168, 49],
  ["AVE-500", "oats", "Avena 500 g", "Oats 500 g", "pantry", 125, 33],
  ["AGU-6L", "water", "Agua sin gas 6 L", "Still water 6 L", "drinks", 175, 52],
  ["COL-3L", "soda", "Bebida de cola 3 L", "Cola 3 L", "drinks", 285, 64],
  ["DET-POL-3K", "detergent", "Detergente en polvo 3 kg", "Washing powder 3 kg", "cleaning", 985, 256],
  ["DET-LIQ-2L", "detergent", "Detergente líquido 2 L", "Liquid detergent 2 L", "cleaning", 865, 242],
  ["LAV-500", "dish_soap", "Lavavajillas 500 g", "Dish soap 500 g", "cleaning", 185, 55],
  ["CLO-2L", "bleach", "Cloro 2 L", "Bleach 2 L", "cleaning", 195, 62],
  ["PAP-12", "toilet_paper", "Papel higiénico, 12 rollos", "Toilet paper, 12 rolls", "home", 625, 138],
  ["PAP-24", "toilet_paper", "Papel higiénico, 24 rollos", "Toilet paper, 24 rolls", "home", 1095, 230],
  ["DEN-150", "toothpaste", "Crema dental 150 ml", "Toothpaste 150 ml", "care", 295, 94],
  ["CHA-400", "shampoo", "Champú 400 ml", "Shampoo 400 ml", "care", 555, 183],
  ["CHA-ANT-375", "shampoo", "Champú anticaspa 375 ml", "Anti-dandruff shampoo 375 ml", "care", 685, 226],
  ["JAB-3", "soap", "Jabón de tocador, 3 unidades", "Bath soap, pack of 3", "care", 265, 80],
  ["PANAL-M-40", "diapers", "Pañales talla M, 40 unidades", "Diapers size M, pack of 40", "baby", 1245, 249],
  ["PER-8K", "dog_food", "Alimento para perro 8 kg", "Dog food 8 kg", "pets", 2390, 573],
  ["GAT-3K", "cat_food", "Alimento para gato 3 kg", "Cat food 3 kg", "pets", 1285, 334],
  ["FIL-CAF-100", "coffee_filters", "Filtros de café, 100 unidades", "Coffee filters, pack of 100", "coffee", 245, 110],
  ["FIL-REF", "water_filter", "Filtro de agua para refrigeradora", "Refrigerator water filter", "spares", 3490, 1390],
]; // biome-ignore format: a table

/** What is bought along with something else, without a rhythm. */
const treats: readonly Row[] = [
  ["GAL-CHO-300", "coffee", "Galletas de chocolate 300 g", "Chocolate biscuits 300 g", "snacks", 235, 78],
  ["QUE-PAR-150", "pasta", "Queso parmesano 150 g", "Parmesan 150 g", "dairy", 495, 164],
  ["TOA-HUM-80", "diapers", "Toallitas húmedas, 80 unidades", "Wet wipes, pack of 80", "baby", 285, 97],
  ["SUA-2L", "detergent", "Suavizante 2 L", "Fabric softener 2 L", "cleaning", 495, 148],
  ["MER-FRE-300", "bread", "Mermelada de frutilla 300 g", "Strawberry jam 300 g", "pantry", 255, 84],
  ["PAP-FRI-200", "soda", "Papas fritas 200 g", "Potato crisps 200 g", "snacks", 265, 87],
  ["HUE-PER", "dog_food", "Galletas para perro 500 g", "Dog treats 500 g", "pets", 345, 128],
  ["VIN-750", "cheese", "Vino tinto 750 ml", "Red wine 750 ml", "drinks", 1190, 345],
]; // biome-ignore format: a table

const good = ([sku, , es, en, category, priceMinor, marginMinor]: Row): Good => ({
  sku,
  es,
  en,
  category,
  priceMinor,
  marginMinor,
});

export const groceries: readonly Good[] = [
  ...used.map((row) => ({ ...good(row), need: row[1] })),
  ...treats.map((row) => ({ ...good(row), goesWith: row[1] })),
].map((one) => (one.sku === "ATU-ACE-3" ? { ...one, outOfStock: true } : one));
