// A segment of a circular shaft at full depth in layered rock, sunk in rounds, without a station. Structured hexahedra of 27 nodes.
//
// x east, y north, z elevation, all in m; the shaft's axis is x = y = 0. The layers and the rounds are those of shaft_station.geo.
DefineConstant[
  level = {-1895, Name "Elevation that the segment is built round, m"}
  diameter = {11.5, Name "Excavated diameter of the shaft, m"}
  side = {120, Name "Side of the block, m"}
  rounds = {7, Name "Number of rounds from the top of the block"}
  quarter = {6, Name "Cells round a quarter of the shaft"}
  inner = {2, Name "Cells from the core to the wall"}
  outer = {10, Name "Cells from the wall to the side of the block"}
  growth = {1.3, Name "Size of a cell over that of the one before, outward"}
  per_round = {3, Name "Cells along a round"}
];
radius = diameter / 2;
vertical = 1;
base = level + 50;
Include "o_grid.geo";

// Slices of one round each: 3 of rock_1, 3 of rock_2, 4 of rock_3.
at[] = faces[];
z_max[] = faces[];
For k In {1 : 10}
  out[] = Extrude {0, 0, -10} { Surface{at[]}; Layers{per_round}; Recombine; };
  at[] = {};
  shaft[] = {};
  rock[] = {};
  For i In {0 : 8}
    at[] += out[6 * i];
    If (i < 5 && k <= rounds)
      shaft[] += out[6 * i + 1];
    Else
      rock[] += out[6 * i + 1];
    EndIf
    If (i >= 1 && i < 5 && k <= rounds)
      wall[] += out[6 * i + 4];
    EndIf
  EndFor
  y_max[] += out[6 * 5 + 4];
  x_min[] += out[6 * 6 + 4];
  y_min[] += out[6 * 7 + 4];
  x_max[] += out[6 * 8 + 4];
  If (k <= rounds)
    Physical Volume(Sprintf("shaft_%g", k), 10 + k) = shaft[];
  EndIf
  If (k <= 3)
    rock_1[] += rock[];
  ElseIf (k <= 6)
    rock_2[] += rock[];
  Else
    rock_3[] += rock[];
  EndIf
  If (k == rounds)
    bottom[] = at[{0 : 4}];
  EndIf
EndFor
Physical Volume("rock_1", 1) = rock_1[];
Physical Volume("rock_2", 2) = rock_2[];
Physical Volume("rock_3", 3) = rock_3[];
Physical Surface("x_min", 101) = x_min[];
Physical Surface("x_max", 102) = x_max[];
Physical Surface("y_min", 103) = y_min[];
Physical Surface("y_max", 104) = y_max[];
Physical Surface("z_min", 105) = at[];
Physical Surface("z_max", 106) = z_max[];
Physical Surface("shaft_wall", 111) = wall[];
Physical Surface("shaft_bottom", 112) = bottom[];

Mesh.ElementOrder = 2;
Mesh.SecondOrderIncomplete = 0;
Mesh.SecondOrderLinear = 0;
Mesh.MshFileVersion = 4.1;
Mesh.Binary = 1;
