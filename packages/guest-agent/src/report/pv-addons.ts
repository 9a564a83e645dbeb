/**
 * What toolstacks know a guest with drivers and an agent by. The numbers must all be there and be
 * numbers, or a toolstack counts the guest as one without drivers.
 */
export function pvAddonsNodes(version: string): ReadonlyMap<string, string> {
  const [major = "0", minor = "0", micro = "0"] = version.split(".");
  return new Map([
    ["attr/PVAddons/Installed", "1"],
    ["attr/PVAddons/MajorVersion", major],
    ["attr/PVAddons/MinorVersion", minor],
    ["attr/PVAddons/MicroVersion", micro],
    ["attr/PVAddons/BuildVersion", "1"],
  ]);
}
