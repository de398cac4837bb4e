export const firstNames = [
  "Ana", "Luis", "María", "Carlos", "Rosa", "Jorge", "Lucía", "Miguel", "Elena", "Pedro", "Carmen", "José",
  "Paola", "Andrés", "Sofía", "Diego", "Gabriela", "Fernando", "Valeria", "Santiago", "Daniela", "Mateo",
  "Isabel", "Ricardo", "Verónica", "Pablo", "Adriana", "Esteban", "Camila", "Hugo", "Patricia", "Iván",
  "Teresa", "Álvaro", "Noemí", "Raúl", "Beatriz", "Óscar", "Silvia", "Tomás",
] as const; // biome-ignore format: a table

export const lastNames = [
  "Pérez", "Vera", "Zambrano", "Cedeño", "Mendoza", "Quispe", "Morales", "Rojas", "Guamán", "Torres", "Castro",
  "Espinoza", "Salazar", "Chávez", "Ortiz", "Paredes", "Villacís", "Andrade", "Bravo", "Cárdenas", "Delgado",
  "Flores", "Herrera", "Jaramillo", "Loor", "Macías", "Naranjo", "Ponce", "Reyes", "Suárez", "Tapia", "Ugarte",
  "Valencia", "Yépez", "Aguilar", "Benítez", "Córdova", "Durán", "Fajardo", "Ibarra",
] as const; // biome-ignore format: a table

/** A name as it stands in an e-mail address. */
export function plain(name: string): string {
  return name
    .normalize("NFD")
    .replaceAll(/[^a-zA-Z]/g, "")
    .toLowerCase();
}
