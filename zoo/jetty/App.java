// Servlets in an embedded Jetty, with the sessions it comes with, in memory. PORT and SESSION_TTL are
// read from the environment. Run from its source: java -classpath '…/.lib/*' App.java

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;

import com.google.gson.GsonBuilder;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

public final class App {
    private static final Map<String, String> PASSWORDS = Map.of("alice", "wonderland", "bob", "builder");

    public static void main(String[] arguments) throws Exception {
        Server server = new Server();
        ServerConnector connector = new ServerConnector(server);
        connector.setHost("127.0.0.1");
        connector.setPort(Integer.parseInt(System.getenv("PORT")));
        server.addConnector(connector);

        ServletContextHandler context = new ServletContextHandler("/", ServletContextHandler.SESSIONS);
        String ttl = System.getenv().getOrDefault("SESSION_TTL", "1800");
        context.getSessionHandler().setMaxInactiveInterval(Integer.parseInt(ttl));
        get(context, "/whoami", (request, response) -> answer(response, "user", value(request, "user")));
        post(context, "/login", App::login);
        post(context, "/logout", App::logout);
        get(context, "/get", (request, response) ->
            answer(response, "value", value(request, "state." + request.getParameter("key"))));
        post(context, "/set", App::write);
        post(context, "/error", (request, response) -> {
            write(request, response);
            response.setStatus(500);
        });
        get(context, "", (request, response) -> answer(response, "page", "public"));
        server.setHandler(context);
        server.setStopAtShutdown(true);
        server.start();
        server.join();
    }

    private static void login(HttpServletRequest request, HttpServletResponse response) {
        String user = request.getParameter("user");
        if (user == null || !Objects.equals(PASSWORDS.get(user), request.getParameter("password"))) {
            response.setStatus(403);
            return;
        }
        request.getSession();
        request.changeSessionId();
        request.getSession().setAttribute("user", user);
        answer(response, "user", user);
    }

    private static void logout(HttpServletRequest request, HttpServletResponse response) {
        HttpSession session = request.getSession(false);
        if (session != null) {
            session.invalidate();
        }
        answer(response, "user", null);
    }

    private static void write(HttpServletRequest request, HttpServletResponse response) {
        String value = request.getParameter("value");
        request.getSession().setAttribute("state." + request.getParameter("key"), value);
        answer(response, "value", value);
    }

    private static Object value(HttpServletRequest request, String key) {
        HttpSession session = request.getSession(false);
        return session == null ? null : session.getAttribute(key);
    }

    private static void answer(HttpServletResponse response, String key, Object value) {
        response.setContentType("application/json");
        response.setCharacterEncoding("UTF-8");
        try {
            response.getWriter().print(new GsonBuilder().serializeNulls().create().toJson(Collections.singletonMap(key, value)));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static void get(ServletContextHandler context, String path, Page page) {
        context.addServlet(new ServletHolder(new HttpServlet() {
            @Override
            protected void doGet(HttpServletRequest request, HttpServletResponse response) {
                page.accept(request, response);
            }
        }), path);
    }

    private static void post(ServletContextHandler context, String path, Page page) {
        context.addServlet(new ServletHolder(new HttpServlet() {
            @Override
            protected void doPost(HttpServletRequest request, HttpServletResponse response) {
                page.accept(request, response);
            }
        }), path);
    }

    private interface Page extends BiConsumer<HttpServletRequest, HttpServletResponse> {}
}
