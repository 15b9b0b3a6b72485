# The site, and with another command its worker. Nothing is written into it when it runs.
FROM python:3.11-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /app
RUN python -m venv /venv
COPY requirements.txt ./
RUN /venv/bin/pip install --require-hashes -r requirements.txt
COPY manage.py ./
COPY newsroom newsroom/
COPY providers providers/
COPY articles articles/
COPY templates templates/
COPY deploy/gunicorn.conf.py deploy/
RUN SECRET_KEY=only-for-collecting-files DATABASE_URL=sqlite:///:memory: \
    /venv/bin/python manage.py collectstatic --noinput --verbosity 0 \
    && /venv/bin/python -m compileall -q newsroom providers articles \
    && mkdir media uploads

FROM python:3.11-slim-bookworm
RUN apt-get update \
    && apt-get install -y --no-install-recommends git=1:2.* \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --create-home --shell /usr/sbin/nologin newsroom
COPY --from=build /venv /venv
COPY --from=build --chown=root:root /app /app
RUN chown newsroom /app/media /app/uploads
WORKDIR /app
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    BIND=0.0.0.0:8000 LOG_FORMAT=json PROMETHEUS_MULTIPROC_DIR=/tmp
USER newsroom
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=3s --start-period=20s \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/healthz', timeout=2)"]
CMD ["gunicorn", "-c", "deploy/gunicorn.conf.py", "newsroom.wsgi"]
