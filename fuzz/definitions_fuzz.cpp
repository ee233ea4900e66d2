// uses: system terminology
// Any bytes in place of any one definition file: the loaders must end with values or diagnostics.
#include <cstdint>
#include <cstdlib>
#include <map>
#include <string>

#include "system/system.h"
#include "terminology/terminology.h"

namespace {

using Files = std::map<std::string, std::string>;

// One sound row of each file, so that a broken file meets sound neighbours.
const Files& sound() {
  static const Files files{
      {"system.toml",
       "id='a'\nname='A'\nshort_name='A'\ntitle='A'\nzone='Europe/London'\nboard='b'\nas_of=2026-03-31\n"
       "represented_population=10\ndeprivation_version='1'\n[[deprivation]]\nversion='1'\ntitle='t'"
       "\ngeography='g'\n"},
      {"organisations.csv", "id,code,code_system,name,kind\nb,B1,local,Board,care_board\nc,C1,local,Council,council\n"},
      {"successions.csv", "from,to,on,what\nc,b,2020-01-01,legal\n"},
      {"places.csv", "id,code,name,council,residents\np,P,Place,c,10\n"},
      {"neighbourhoods.csv", "id,name,place\nn,N,p\n"},
      {"small_areas.csv", "code,name,place,neighbourhood,residents,column,row\nS1,S,p,n,10,0,0\n"},
      {"deprivation.csv", "small_area,version,decile\nS1,1,3\n"},
      {"postcodes.csv", "postcode,small_area\nAB1 1AA,S1\n"},
      {"networks.csv", "id,name,place\nw,W,p\n"},
      {"practices.csv", "code,name,place,network,small_area,list_size\nR1,R,p,w,S1,10\n"},
      {"published/sources.csv", "id,title,where,standing\ns,S,here,published\n"},
      {"published/t.csv", "place,group,value,unit,period,source\np,g,1.5,percent,2020,s\n"},
      {"bodies.toml", "[[body]]\nid='o'\nname='O'\nkind='board'\nlevel='system'\npurpose='x'\n[[body.seat]]\ntitle='t'\n"},
      {"body_links.csv", "from,to,kind,sentence\no,b,pays,x\n"},
      {"posts.csv", "id,title,body,limit_pounds\nq,Q,o,1\n"},
      {"strategy.toml",
       "title='t'\nvision='v'\n[[priority]]\nid='y'\ntitle='t'\naim='a'\n[[priority.focus]]\nid='f'\ntitle='"
       "t'\n"},
      {"services.csv", "id,name,group,description,commissioner,provider_kinds,priorities\nv,V,g,d,b,council,y\n"},
      {"codelists/index.csv", "id,version,title,kind\nl,1,L,register\n"},
      {"codelists/l.csv", "id,system,code,display,match\nl,icd10,I48,AF,prefix\n"},
      {"ethnicity.csv", "id,display,nhs_code,group\ne,E,A,white\n"},
  };
  return files;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace catchment;
  if (size == 0) return 0;
  Files files = sound();
  auto chosen = files.begin();
  std::advance(chosen, static_cast<long>(data[0] % files.size()));
  chosen->second.assign(reinterpret_cast<const char*>(data + 1), size - 1);
  const system::LoadedSystem loaded = system::load_system(system::Definitions(files));
  if (!has_errors(loaded.diagnostics)) {
    for (const system::SmallArea& area : loaded.system.small_areas) {
      if (system::find_place(loaded.system, area.place) == nullptr) std::abort();
    }
    for (const system::Organisation& one : loaded.system.organisations) { system::successors(loaded.system, one.id, "legal", loaded.system.as_of); }
  }
  terminology::load_codelists(system::Definitions(files));
  terminology::load_ethnicity(system::Definitions(files));
  return 0;
}
