/** A room's name in the spellings that its files need. */
export function namesOf(room) {
  const pascal = room.replace(/(?:^|-)([a-z])/g, (_, letter) => letter.toUpperCase()).replaceAll('-', '')
  return {
    /** Its folder, its package, its path: `parking-lots`. */
    room,
    /** Values, routes, messages and its key in the configuration: `parkingLots`. */
    camel: pascal[0].toLowerCase() + pascal.slice(1),
    /** Types and components: `ParkingLots`. */
    pascal,
    /** Tables, views and metrics: `parking_lots`. */
    snake: room.replaceAll('-', '_'),
  }
}

export const isRoomName = (text) => /^[a-z][a-z0-9]*(-[a-z][a-z0-9]*)*$/.test(text ?? '')
