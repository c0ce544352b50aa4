// A narrow, steep stope between two drives, mined and backfilled in panels. Quadratic tetrahedra.
//
// x across the orebody, y along strike, z up, all in m. The stope is the slab |x| ≤ thickness / 2 between the roof of the lower drive and the floor
// of the upper one. Panels are mined from the far end: the first one is backfilled before the second is mined, and so on.
SetFactory("OpenCASCADE");

DefineConstant[
  wall = {1, Name "Size on the walls, m"}
  far = {14, Name "Size on the outer boundary, m"}
  thickness = {4, Name "Thickness of the stope, m"}
  height = {25, Name "Height of the stope between the drives, m"}
  panel = {12, Name "Length of a panel along strike, m"}
  panels = {3, Name "Number of panels"}
  drive = {4, Name "Width and height of the drives, m"}
  side = {120, Name "Side of the block, m"}
];

strike = panels * panel;
low = -height / 2;
high = height / 2;
small = 1e-3;

// The block begins where the drives enter, at y = 0; the panels end `access` short of that and the drives end with the last panel.
access = 12;
end = access + strike;
Box(1) = {-side / 2, 0, -side / 2, side, side, side};
Box(2) = {-drive / 2, 0, high, drive, end, drive};
Box(3) = {-drive / 2, 0, low - drive, drive, end, drive};
For k In {1 : panels}
  Box(10 + k) = {-thickness / 2, end - k * panel, low, thickness, panel, height};
EndFor
mined[] = {2, 3, 11 : 10 + panels};
all[] = BooleanFragments{ Volume{1}; Delete; }{ Volume{mined[]}; Delete; };

mined[] = {};
For k In {1 : panels}
  near = end - k * panel - small;
  v[] = Volume In BoundingBox {-thickness / 2 - small, near, low - small, thickness / 2 + small, near + panel + 2 * small, high + small};
  Physical Volume(Sprintf("stope_%g", k), 10 + k) = v[];
  mined[] += v[];
EndFor
v[] = Volume In BoundingBox {-drive / 2 - small, -small, high - small, drive / 2 + small, end + small, high + drive + small};
Physical Volume("upper_drive", 2) = v[];
mined[] += v[];
v[] = Volume In BoundingBox {-drive / 2 - small, -small, low - drive - small, drive / 2 + small, end + small, low + small};
Physical Volume("lower_drive", 3) = v[];
mined[] += v[];
rock[] = Volume{:};
rock[] -= mined[];
Physical Volume("rock", 1) = rock[];

x_min[] = Surface In BoundingBox {-side / 2 - small, -1, -side, -side / 2 + small, side + 1, side};
x_max[] = Surface In BoundingBox {side / 2 - small, -1, -side, side / 2 + small, side + 1, side};
y_min[] = Surface In BoundingBox {-side, -small, -side, side, small, side};
y_max[] = Surface In BoundingBox {-side, side - small, -side, side, side + small, side};
z_min[] = Surface In BoundingBox {-side, -1, -side / 2 - small, side, side + 1, -side / 2 + small};
z_max[] = Surface In BoundingBox {-side, -1, side / 2 - small, side, side + 1, side / 2 + small};
Physical Surface("x_min", 101) = x_min[];
Physical Surface("x_max", 102) = x_max[];
Physical Surface("y_min", 103) = y_min[];
Physical Surface("y_max", 104) = y_max[];
Physical Surface("z_min", 105) = z_min[];
Physical Surface("z_max", 106) = z_max[];
skin[] = CombinedBoundary{ Volume{mined[]}; };
skin[] = Abs(skin[]);
skin[] -= y_min[];
hanging[] = Surface In BoundingBox {-thickness / 2 - small, access - small, low - small, -thickness / 2 + small, end + small, high + small};
foot[] = Surface In BoundingBox {thickness / 2 - small, access - small, low - small, thickness / 2 + small, end + small, high + small};
Physical Surface("hanging_wall", 111) = hanging[];
Physical Surface("footwall", 112) = foot[];

Field[1] = Distance;
Field[1].FacesList = {skin[]};
Field[1].NNodesByEdge = 60;
Field[2] = Threshold;
Field[2].IField = 1;
Field[2].LcMin = wall;
Field[2].LcMax = far;
Field[2].DistMin = 0;
Field[2].DistMax = side / 2;
Background Field = 2;
Mesh.CharacteristicLengthExtendFromBoundary = 0;
Mesh.CharacteristicLengthFromPoints = 0;
Mesh.CharacteristicLengthFromCurvature = 0;
Mesh.Algorithm = 6;
Mesh.Algorithm3D = 1;
Mesh.Optimize = 1;
Mesh.OptimizeThreshold = 0.4;
Mesh.ElementOrder = 2;
Mesh.MshFileVersion = 4.1;
Mesh.Binary = 1;
