// The words of every question that the bench asks through the engine: by them it is told from one that a save asked.
export const ASKED = 'Keep talking, please'
