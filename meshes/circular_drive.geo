// A straight circular drive, advanced in rounds of full face. Structured hexahedra of 27 nodes, on the true circle.
//
// x across, y along the drive, z up, all in m; the axis is x = z = 0, the drive enters at y = 0 and ends inside the block.
DefineConstant[
  diameter = {5, Name "Diameter of the drive, m"}
  side = {50, Name "Width and height of the block, m"}
  round = {4, Name "Length of a round, m"}
  rounds = {4, Name "Number of rounds"}
  ahead = {16, Name "Rock ahead of the last round, m"}
  quarter = {8, Name "Cells round a quarter of the drive"}
  inner = {3, Name "Cells from the core to the wall"}
  outer = {12, Name "Cells from the wall to the side of the block"}
  growth = {1.25, Name "Size of a cell over that of the one before, outward"}
  per_round = {3, Name "Cells along a round"}
  per_ahead = {6, Name "Cells along the rock ahead"}
];
radius = diameter / 2;
vertical = 0;
base = 0;
Include "o_grid.geo";

at[] = faces[];
y_min[] = faces[];
For k In {1 : rounds + 1}
  last = (k == rounds + 1);
  out[] = Extrude {0, last ? ahead : round, 0} { Surface{at[]}; Layers{last ? per_ahead : per_round}; Recombine; };
  at[] = {};
  drive[] = {};
  For i In {0 : 8}
    at[] += out[6 * i];
    If (i < 5 && !last)
      drive[] += out[6 * i + 1];
    Else
      rock[] += out[6 * i + 1];
    EndIf
    If (i >= 1 && i < 5 && !last)
      wall[] += out[6 * i + 4];
    EndIf
  EndFor
  z_max[] += out[6 * 5 + 4];
  x_min[] += out[6 * 6 + 4];
  z_min[] += out[6 * 7 + 4];
  x_max[] += out[6 * 8 + 4];
  If (!last)
    Physical Volume(Sprintf("drive_%g", k), 10 + k) = drive[];
  EndIf
  If (k == rounds)
    front[] = at[{0 : 4}];
  EndIf
EndFor
Physical Volume("rock", 1) = rock[];
Physical Surface("x_min", 101) = x_min[];
Physical Surface("x_max", 102) = x_max[];
Physical Surface("y_min", 103) = y_min[];
Physical Surface("y_max", 104) = at[];
Physical Surface("z_min", 105) = z_min[];
Physical Surface("z_max", 106) = z_max[];
Physical Surface("drive_wall", 111) = wall[];
Physical Surface("drive_face", 112) = front[];

Mesh.ElementOrder = 2;
Mesh.SecondOrderIncomplete = 0;
Mesh.SecondOrderLinear = 0;
Mesh.MshFileVersion = 4.1;
Mesh.Binary = 1;
