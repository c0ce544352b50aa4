#include "geometry/scene.hpp"

#include <algorithm>
#include <set>

#include "base/error.hpp"

namespace winze::geometry {

Scene::Scene(std::vector<Part> parts) : parts_(std::move(parts)) {
  std::set<std::string> names;
  std::vector<Box> boxes;
  for (Index i = 0; i < size(); ++i) {
    if (!names.insert((*this)[i].name).second) throw InputError("two solids are called '{}'; give each its own name", (*this)[i].name);
    (*this)[i].solid->cover(boxes);
    owner_.resize(boxes.size(), i);
  }
  tree_ = BoxTree(boxes);
  boxes_.reserve(boxes.size());
  std::vector<Index> owner;
  for (std::int32_t item : tree_.items()) boxes_.push_back(boxes[item]), owner.push_back(owner_[item]);
  owner_ = std::move(owner);
  tree_.number_by_leaves();
}

Index Scene::find(const std::string& name) const {
  for (Index i = 0; i < size(); ++i)
    if ((*this)[i].name == name) return i;
  return -1;
}

void Scene::candidates(const Box& cell, std::vector<Index>& parts) const {
  parts.clear();
  tree_.search([&](const Box& b) { return b.overlaps(cell); },
               [&](std::int32_t i) {
                 if (boxes_[i].overlaps(cell)) parts.push_back(owner_[i]);
                 return false;
               });
  std::sort(parts.begin(), parts.end());
  parts.erase(std::unique(parts.begin(), parts.end()), parts.end());
}

void Scene::holding(const Vector3& x, std::vector<Index>& parts) const {
  candidates({x, x}, parts);
  std::erase_if(parts, [&](Index i) { return !(*this)[i].solid->inside(x); });
}

Index Scene::top(const Vector3& x) const {
  Index best = -1;
  tree_.search([&](const Box& b) { return b.contains(x); },
               [&](std::int32_t i) {
                 const Index part = owner_[i];
                 if (part != best && boxes_[i].contains(x) && (best < 0 || over(part, best)) && (*this)[part].solid->inside(x)) best = part;
                 return false;
               });
  return best;
}

Side Scene::side(Index part, const Box& cell) const {
  const Solid& solid = *(*this)[part].solid;
  const Vector3 centre = cell.centre();
  if (solid.nearest(centre, 0.5 * cell.diagonal()).patch >= 0) return Side::cut;
  return solid.inside(centre) ? Side::inside : Side::outside;
}

void Scene::meet(const Box& cell, std::span<const Index> among, std::vector<Met>& met) const {
  met.clear();
  for (Index part : among)
    if (const Side s = side(part, cell); s != Side::outside) met.push_back({part, s});
}

Scene::Near Scene::nearest(const Vector3& x, double within) const {
  Near near;
  Index last = -1;
  tree_.nearest(x, within * within, [&](std::int32_t i, double bound2) {
    if (owner_[i] == last || boxes_[i].distance2(x) > bound2) return bound2;
    last = owner_[i];
    const Wall wall = (*this)[last].solid->nearest(x, std::sqrt(bound2));
    if (wall.patch < 0 || (near.part >= 0 && wall.distance * wall.distance >= bound2)) return bound2;
    near = {wall, last};
    return wall.distance * wall.distance;
  });
  return near;
}

double Scene::pillar(const Wall& wall, double longest) const {
  return free_way([&](const Vector3& x) { return nearest(x, longest).wall.distance; }, wall.point, wall.normal, longest);
}

}  // namespace winze::geometry
