// An application on scs, the session manager for net/http, with its store in memory.
package main

import (
	"encoding/json"
	"log"
	"net/http"
	"os"
	"strconv"
	"time"

	"github.com/alexedwards/scs/v2"
)

var passwords = map[string]string{"alice": "wonderland", "bob": "builder"}

var sessions = scs.New()

func main() {
	ttl, err := strconv.Atoi(os.Getenv("SESSION_TTL"))
	if err != nil {
		ttl = 1800
	}
	sessions.IdleTimeout = time.Duration(ttl) * time.Second

	pages := http.NewServeMux()
	pages.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) { answer(w, "public") })
	pages.HandleFunc("GET /whoami", whoami)
	pages.HandleFunc("POST /login", login)
	pages.HandleFunc("POST /logout", logout)
	pages.HandleFunc("GET /get", read)
	pages.HandleFunc("POST /set", write)
	pages.HandleFunc("POST /error", fail)
	log.Fatal(http.ListenAndServe("127.0.0.1:"+os.Getenv("PORT"), sessions.LoadAndSave(pages)))
}

func whoami(w http.ResponseWriter, r *http.Request) {
	answer(w, map[string]any{"user": present(r, "user")})
}

func login(w http.ResponseWriter, r *http.Request) {
	user := r.PostFormValue("user")
	if password, known := passwords[user]; !known || password != r.PostFormValue("password") {
		w.WriteHeader(http.StatusForbidden)
		return
	}
	if err := sessions.RenewToken(r.Context()); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	sessions.Put(r.Context(), "user", user)
	answer(w, map[string]any{"user": user})
}

func logout(w http.ResponseWriter, r *http.Request) {
	if err := sessions.Destroy(r.Context()); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	answer(w, map[string]any{"user": nil})
}

func read(w http.ResponseWriter, r *http.Request) {
	answer(w, map[string]any{"value": present(r, "state."+r.FormValue("key"))})
}

func write(w http.ResponseWriter, r *http.Request) {
	sessions.Put(r.Context(), "state."+r.PostFormValue("key"), r.PostFormValue("value"))
	answer(w, map[string]any{"value": r.PostFormValue("value")})
}

func fail(w http.ResponseWriter, r *http.Request) {
	sessions.Put(r.Context(), "state."+r.PostFormValue("key"), r.PostFormValue("value"))
	w.WriteHeader(http.StatusInternalServerError)
}

// What the session holds under this key, or nothing.
func present(r *http.Request, key string) any {
	if !sessions.Exists(r.Context(), key) {
		return nil
	}
	return sessions.GetString(r.Context(), key)
}

func answer(w http.ResponseWriter, body any) {
	w.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(w).Encode(body); err != nil {
		log.Print(err)
	}
}
